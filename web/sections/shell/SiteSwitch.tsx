'use client'

import { useEffect, useState } from 'react'
import { readSites, type Site } from '@/data/api'
import { setUrl, useUrl } from '@/data/url'
import { Icon } from '@/ui/Icon'

/** The shop that is shown, where this server counts for several. Which one it is stands in the address. */
export function SiteSwitch() {
  const url = useUrl()
  const [sites, setSites] = useState<Site[]>([])
  const named = url.get('site')
  const current = named ?? 'default'

  useEffect(() => {
    const abort = new AbortController()
    readSites(abort.signal).then(
      (found) => {
        setSites(found)
        // An address that names none shows the first.
        const [first] = found
        if (first !== undefined && first.site !== 'default' && new URLSearchParams(window.location.search).get('site') === null)
          setUrl({ site: first.site }, { replace: true })
      },
      // The switch is a convenience; that the server is away is shown by the page itself.
      () => undefined,
    )
    return () => abort.abort()
  }, [current])

  if (sites.length < 2 && named === null) return null
  const names = sites.some(({ site }) => site === current) ? sites.map(({ site }) => site) : [current, ...sites.map(({ site }) => site)]
  return (
    <label className="relative flex min-w-0 items-center">
      <span className="sr-only">Shop</span>
      <select
        value={current}
        onChange={(event) =>
          setUrl({ site: event.target.value === 'default' && sites[0]?.site === 'default' ? null : event.target.value, c: null })
        }
        className="h-9 max-w-28 min-w-0 appearance-none truncate rounded-lg border border-line bg-surface pr-8 pl-3 text-sm transition-colors hover:border-line-strong sm:max-w-60"
      >
        {names.map((site) => (
          <option key={site} value={site}>
            {site === 'default' ? 'Default shop' : site}
          </option>
        ))}
      </select>
      <Icon name="chevron" size={14} className="pointer-events-none absolute right-2.5 text-muted" />
    </label>
  )
}
