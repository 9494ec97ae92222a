'use client'

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { isLighter } from '@/ui/frames'
import { type Code, codeOf } from '../countries'
import { usePreference } from '../preferences'
import { setUrl, useUrl } from '../url'
import { Connection, type Status } from './connection'
import { Pulses } from './pulses'
import { apply, increases, type Snapshot } from './snapshot'

export interface Live {
  /** Absent until the first snapshot. */
  readonly snapshot: Snapshot | undefined
  readonly status: Status
  readonly site: string
  /** The country that everything is filtered by; `null` for all. */
  readonly country: Code | null
  readonly choose: (country: Code | null) => void
  readonly pulses: Pulses
  /** Whether money is hidden. */
  readonly streamer: boolean
  readonly wall: boolean
}

const Context = createContext<Live | null>(null)

/** All that the live page shows, from the one stream of `GET /api/v1/stats/live`. */
export function useLive(): Live {
  const live = useContext(Context)
  if (live === null) throw new Error('useLive is used outside of LiveProvider.')
  return live
}

const choose = (country: Code | null) => setUrl({ c: country?.toUpperCase() ?? null })

export function LiveProvider({ children }: { children: ReactNode }) {
  const url = useUrl()
  const site = url.get('site') ?? 'default'
  const country = codeOf(url.get('c'))
  const wall = url.has('wall')
  const [streamer] = usePreference('streamer')
  const [pulses] = useState(() => new Pulses())
  const [state, setState] = useState<{ site: string; snapshot: Snapshot | undefined; status: Status }>({
    site,
    snapshot: undefined,
    status: { kind: 'connecting' },
  })
  const latest = useRef<Snapshot | undefined>(undefined)

  useEffect(() => {
    let frame = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    latest.current = undefined
    let status: Status = { kind: 'connecting' }
    // Several events may come between two frames: the page is drawn once for all of them.
    const draw = () => {
      if (frame !== 0 || timer !== undefined) return
      const now = () => {
        frame = requestAnimationFrame(() => {
          ;[frame, timer] = [0, undefined]
          setState({ site, snapshot: latest.current, status })
        })
      }
      // A machine that drops frames gets the numbers twice a second.
      if (isLighter()) timer = setTimeout(now, 500)
      else now()
    }
    const connection = new Connection(
      `/api/v1/stats/live?site=${encodeURIComponent(site)}`,
      (event) => {
        const before = latest.current
        const after = apply(before, event.name, event.data)
        latest.current = after
        // What a snapshot brings happened before anybody looked.
        if (before !== undefined && after !== undefined && event.name === 'change') {
          for (const [where, count] of increases(before.total, after.total)) pulses.emit({ country: where, kind: 'visit', count })
          for (const [where, count] of increases(before.orders, after.orders)) pulses.emit({ country: where, kind: 'order', count })
        }
        draw()
      },
      (next) => {
        status = next
        draw()
      },
    )
    connection.open()
    return () => {
      connection.close()
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }, [site, pulses])

  const live = useMemo<Live>(() => {
    const current = state.site === site ? state : { snapshot: undefined, status: { kind: 'connecting' } as const }
    return { snapshot: current.snapshot, status: current.status, site, country, choose, pulses, streamer: streamer === 'on', wall }
  }, [state, site, country, pulses, streamer, wall])
  return <Context value={live}>{children}</Context>
}
