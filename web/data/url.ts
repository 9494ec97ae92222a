'use client'

import { useMemo, useSyncExternalStore } from 'react'

/** The filters of a view live in the address, so that a link shows the same to everybody. */
const changed = 'footfall:url'

function subscribe(listener: () => void) {
  window.addEventListener('popstate', listener)
  window.addEventListener(changed, listener)
  return () => {
    window.removeEventListener('popstate', listener)
    window.removeEventListener(changed, listener)
  }
}

/** The parameters of the address; none while the page is made on the server. */
export function useUrl(): URLSearchParams {
  const search = useSyncExternalStore(
    subscribe,
    () => window.location.search,
    () => '',
  )
  return useMemo(() => new URLSearchParams(search), [search])
}

/** The query of an address with some parameters changed: `null` takes one out, a list writes it as often, an empty text writes it without a value. */
export function withParameters(search: string, changes: Record<string, string | readonly string[] | null>): string {
  const parameters = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    if (typeof value === 'string') {
      parameters.set(name, value)
      continue
    }
    parameters.delete(name)
    for (const one of value ?? []) parameters.append(name, one)
  }
  const text = parameters
    .toString()
    .replace(/=(?=&|$)/g, '')
    .replace(/%(?:2C|2F|3A)/g, decodeURIComponent)
  return text === '' ? '' : `?${text}`
}

/** Changes the address without a load. A filter is a step that the back button undoes; `replace` is for what is none. */
export function setUrl(changes: Record<string, string | readonly string[] | null>, { replace = false } = {}) {
  const { pathname, search, hash } = window.location
  const url = `${pathname}${withParameters(search, changes)}${hash}`
  if (replace) window.history.replaceState(window.history.state, '', url)
  else window.history.pushState(window.history.state, '', url)
  window.dispatchEvent(new Event(changed))
}
