import type { Fields, Send, Track } from './hit'
import { type Options, type Place, patterns, placeOf, refuses } from './options'

/** Without a hit for so long the server would begin a visit for the next one, in milliseconds. */
const VISIT = 18e5

/** Calls at once, or when a person comes to see a page that is rendered before that. */
const whenSeen = (then: () => void) => (document.prerendering ? document.addEventListener('prerenderingchange', then) : then())

/**
 * Counts page views, those within a page too, and how long and how far each was looked at (`engagement`).
 * @param turned called when the page went out of sight, which may be the last that happens on it, and when it came back
 */
export function watch(options: Options, send: Send, turned?: (hidden: boolean) => void): Track {
  let here: Place | undefined
  /** Since when the page is in sight; 0 while it is not. */
  let shown = 0
  /** How long it was, in milliseconds, and how far down it was seen, in percent. */
  let spent = 0
  let seen = 0
  let last = 0

  const track: Track = (name, fields) =>
    whenSeen(() => {
      // Whatever goes wrong here must not stop the shop's own script.
      try {
        if (!name || refuses(options) || (options.exclude && patterns(options.exclude).test(here!.path))) return
        // No two at the same moment: it is their order too.
        last = Math.max(Date.now(), last + 1)
        send({
          id: crypto.getRandomValues(new Uint32Array(4)).join('-'),
          at: last,
          site: options.site,
          name,
          url: here!.url,
          screen: screen.width || undefined,
          ...fields,
        })
      } catch {}
    })

  const look = () => {
    seen = Math.max(seen, Math.min(100, Math.round(((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100)) || 0)
  }

  const pause = () => {
    look()
    if (shown) spent += Date.now() - shown
    shown = 0
    if (spent > 999 && Date.now() - last < VISIT) track('engagement', { props: { seconds: Math.round(spent / 1e3), scroll: seen } })
    spent = 0
  }
  const resume = () => {
    shown = document.hidden ? 0 : Date.now()
  }

  const view = (fields?: Fields) => {
    if (here) pause()
    here = placeOf(location, options)
    seen = 0
    track('page_view', fields)
    resume()
  }

  const moved = () => {
    if (placeOf(location, options).path !== here!.path) view()
  }

  whenSeen(() => {
    // Apps and mail programs have referrers of other schemes, which the server refuses; and it drops the query.
    const referrer = document.referrer.replace(/[?#].*/, '')
    view({ referrer: /^http/.test(referrer) ? referrer : undefined })
    for (const method of ['pushState', 'replaceState'] as const) {
      const original = history[method]
      history[method] = function (...args) {
        original.apply(this, args)
        moved()
      }
    }
    addEventListener('popstate', moved)
    addEventListener('scroll', look)
    // Out of the back/forward cache: nothing is loaded, and a page is looked at again.
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) view()
    })
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) pause()
      else resume()
      turned?.(document.hidden)
    })
  })
  return track
}

/** Makes `window.footfall`, and takes the calls that came before it. */
export function offer(track: Track): void {
  const early = window.footfall?.q
  window.footfall = track
  track.on = true
  // biome-ignore lint/suspicious/useIterableCallbackReturn: a block costs bytes in every shop
  early?.forEach((call) => track(...call))
}

declare global {
  interface Document {
    prerendering?: boolean
  }
  interface Window {
    footfall?: Track & { q?: Parameters<Track>[] }
    dataLayer?: unknown[]
  }
}
