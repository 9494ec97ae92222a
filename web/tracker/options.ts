/** The `data-` options of the script tag. Those without a value count when they are there. */
export interface Options {
  site?: string
  /** The server, where it is not the one that the script comes from. */
  host?: string
  /** Paths that are not counted: {@link patterns}. */
  exclude?: string
  /** What follows `#` is part of the path. */
  hash?: string
  respectDnt?: string
  respectGpc?: string
}

/** A place in the shop. */
export interface Place {
  path: string
  /** As it is sent: at most 2,048 characters, which is what the server takes. */
  url: string
}

/** As it is read: `/käse` for `/k%C3%A4se`; what can't be decoded stays. */
const decoded = (path: string) => {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** One expression for a list of patterns divided by commas: `*` is anything but a slash, `**` anything. */
export function patterns(list: string): RegExp {
  const one = (pattern: string) =>
    (decoded(pattern.trim()) || '!').replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*\*?/g, (stars) => (stars[1] ? '.*' : '[^/]*'))
  return RegExp(`^(${list.split(',').map(one).join('|')})/?$`)
}

/** Where a browser is. With `data-hash`, `/#/lamps` is `/lamps`, and `/app#/lamps` is `/app/lamps`: the server drops fragments. */
export function placeOf(
  { origin, pathname, search, hash }: Pick<Location, 'origin' | 'pathname' | 'search' | 'hash'>,
  options: Options,
): Place {
  const path = options.hash == null ? pathname : pathname.replace(/\/$/, '') + hash.replace(/\?.*/, '').replace(/^#\/?/, '/') || '/'
  return { path: decoded(path), url: (origin + path + search).slice(0, 2048) }
}

/** Where hits are sent to. */
export const endpointOf = (script: HTMLScriptElement) =>
  `${(script.dataset.host ?? new URL(script.src).origin).replace(/\/$/, '')}/api/v1/events`

/** Whether the person does not want to be counted. Storage may be forbidden, and then throws. */
export function refuses({ respectDnt, respectGpc }: Options): boolean | undefined {
  try {
    if (localStorage.footfall_ignore === 'true') return true
  } catch {}
  return (
    (respectDnt != null && navigator.doNotTrack === '1') ||
    (respectGpc != null && (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl)
  )
}
