/** What `motion` needs to move things: loaded after the page, since nothing moves at first. */
export { domAnimation as default } from 'motion/react'
