'use client'

import { useSyncExternalStore } from 'react'

const length = 60_000
const minuteOf = (now: number) => Math.floor(now / length) * length

let minute = minuteOf(Date.now())
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** Goes on where somebody looks; a page that is looked at again catches up at once. */
const tick = () => {
  const now = minuteOf(Date.now())
  if (document.hidden || now === minute) return
  minute = now
  for (const listener of [...listeners]) listener()
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    // It stood still while nobody subscribed; React reads it again after this.
    minute = minuteOf(Date.now())
    timer = setInterval(tick, 5_000)
    document.addEventListener('visibilitychange', tick)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}

/** The minute that it is, in Unix milliseconds. It does not go on while nobody looks. */
export const useMinute = () =>
  useSyncExternalStore(
    subscribe,
    () => minute,
    () => minute,
  )
