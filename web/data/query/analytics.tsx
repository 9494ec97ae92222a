'use client'

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { ApiError, readSites, type Site } from '../api'
import { usePreference } from '../preferences'
import { setUrl, useUrl } from '../url'
import type { Shop } from './build'
import { type Filter, toggle } from './filters'
import { readView, type View, writeView } from './view'

export interface Analytics {
  readonly shop: Shop
  readonly view: View
  /** The filters that a person can take away: those of the address, without those that the page stands for. */
  readonly filters: readonly Filter[]
  readonly change: (view: Partial<View>) => void
  /** Filters by a value of a dimension, or no longer. */
  readonly choose: (dimension: string, value: string) => void
  /** Whether money is hidden. */
  readonly streamer: boolean
}

const Context = createContext<Analytics | null>(null)

/** What all cards of a page of analytics have in common. */
export function useAnalytics(): Analytics {
  const analytics = useContext(Context)
  if (analytics === null) throw new Error('useAnalytics is used outside of AnalyticsProvider.')
  return analytics
}

let known: readonly Site[] | undefined

/** The shops of this server; their clocks say where days begin. */
function useSites() {
  const [state, setState] = useState<{ sites?: readonly Site[]; error?: string; attempt: number }>({
    attempt: 0,
    ...(known !== undefined && { sites: known }),
  })
  useEffect(() => {
    const abort = new AbortController()
    readSites(abort.signal).then(
      (sites) => {
        known = sites
        setState((old) => ({ attempt: old.attempt, sites }))
      },
      (error: unknown) => {
        if (!abort.signal.aborted)
          setState((old) => ({ ...old, error: error instanceof ApiError ? error.message : 'Couldn’t load the shops.' }))
      },
    )
    return () => abort.abort()
  }, [state.attempt])
  const retry = useCallback(() => setState((old) => ({ attempt: old.attempt + 1 })), [])
  return { ...state, retry }
}

/** The shop of the address; the first of the server needs no name. */
function shopOf(sites: readonly Site[], named: string | null): Shop {
  const site = named ?? sites[0]?.site ?? 'default'
  const found = sites.find((one) => one.site === site)
  return { site, timeZone: found?.time_zone ?? 'UTC', currency: found?.currency ?? 'EUR' }
}

/** @param fixed What the page stands for, such as one product. A filter of the address by the same country is not shown again. */
export function AnalyticsProvider({
  fixed,
  loading,
  failed,
  children,
}: {
  fixed?: Filter
  loading: ReactNode
  failed: (message: string, retry: () => void) => ReactNode
  children: ReactNode
}) {
  const url = useUrl()
  const { sites, error, retry } = useSites()
  const [streamer] = usePreference('streamer')
  const named = url.get('site')
  const search = url.toString()
  const fixedText = fixed === undefined ? '' : JSON.stringify(fixed)
  const value = useMemo<Analytics | null>(() => {
    if (sites === undefined) return null
    const own = readView(new URLSearchParams(search))
    const page = fixedText === '' ? null : (JSON.parse(fixedText) as Filter)
    const isPage = (filter: Filter) => JSON.stringify(filter) === fixedText
    const filters = own.filters.filter((filter) => !isPage(filter))
    // A country that the page stands for is the `c` of the address, and stays there.
    const kept = own.filters.filter(isPage)
    const write = (next: readonly Filter[]) => setUrl(writeView({ filters: [...kept, ...next] }))
    return {
      shop: shopOf(sites, named),
      view: { ...own, filters: page === null ? own.filters : [page, ...filters] },
      filters,
      change: ({ filters: next, ...view }) => (next === undefined ? setUrl(writeView(view)) : write(next)),
      choose: (dimension, one) => write(toggle(filters, dimension, one)),
      streamer: streamer === 'on',
    }
  }, [sites, named, search, fixedText, streamer])
  if (value !== null) return <Context value={value}>{children}</Context>
  return error === undefined ? loading : failed(error, retry)
}
