'use client'

import { useEffect } from 'react'
import { nameOf } from '@/data/countries'
import { compact, hiddenMoney, roundMoney } from '@/data/format'
import { useLive } from '@/data/live/live'
import { setUrl } from '@/data/url'
import { IconButton } from '@/ui/Button'
import { fitText } from '@/ui/fitText'
import { NumberTicker } from '@/ui/NumberTicker'
import { ActiveVisitors } from './ActiveVisitors'
import { ConnectionStatus } from './ConnectionStatus'
import { Delta } from './Delta'
import { Flag } from './Flag'
import { LiveMap } from './LiveMap'
import { rowsOf } from './rows'
import { totals, valuesOf } from './totals'

const leave = () => setUrl({ wall: null })

/**
 * The page for a screen on a wall (`?wall`): nothing to press, all of it on one screen, readable from five metres. Escape leaves it, and a button that shows itself to a mouse, and is there at
 * once where there is none. A screen that stands has all of it below each other.
 */
export function Wall() {
  useEffect(() => {
    const root = document.documentElement
    root.dataset.wall = ''
    const key = (event: KeyboardEvent) => event.key === 'Escape' && document.fullscreenElement === null && leave()
    window.addEventListener('keydown', key)
    return () => {
      delete root.dataset.wall
      window.removeEventListener('keydown', key)
    }
  }, [])
  return (
    <main className="group grid h-dvh grid-cols-12 grid-rows-[auto_minmax(0,1fr)_auto] gap-[1.25rem] overflow-hidden p-[1.5rem] portrait:grid-rows-[auto_auto_minmax(0,1fr)_auto_auto]">
      <header className="col-span-12 flex items-center gap-[1.25rem]">
        <h1 className="text-xl font-semibold tracking-tight">Live view</h1>
        <ConnectionStatus />
        <div className="ml-auto flex opacity-0 transition-opacity group-hover:opacity-100 focus-within:opacity-100 [@media(hover:none)]:opacity-100">
          <IconButton icon="screen" label="Full screen" onClick={() => void document.documentElement.requestFullscreen?.()} />
          <IconButton icon="close" label="Exit wall display" onClick={leave} />
        </div>
      </header>
      <div className="col-span-4 flex min-h-0 flex-col gap-[1.25rem] portrait:col-span-12">
        <ActiveVisitors />
      </div>
      <LiveMap bare className="col-span-5 flex portrait:col-span-12" />
      <Top />
      <Today />
    </main>
  )
}

function Top() {
  const { snapshot } = useLive()
  const rows = snapshot === undefined ? [] : rowsOf(snapshot, 'today').slice(0, 9)
  return (
    <section aria-label="Countries today" className="col-span-3 flex min-h-0 flex-col overflow-hidden portrait:col-span-12">
      <h2 className="mb-[0.5rem] text-sm text-muted">Visits today</h2>
      <ol className="min-h-0 flex-1 overflow-hidden">
        {rows.map((row) => (
          <li
            key={row.code}
            className="flex items-center gap-[0.75rem] border-b border-line py-[0.55rem] text-lg portrait:nth-[n+4]:hidden"
          >
            <Flag code={row.code} />
            <span className="min-w-0 flex-1 truncate">{nameOf(row.code)}</span>
            <span className="font-medium tabular">{compact(row.today)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Today() {
  const { snapshot, country, streamer } = useLive()
  return (
    <div className="col-span-12 grid grid-cols-6 gap-[1.25rem] border-t border-line pt-[1.25rem] portrait:grid-cols-3">
      {totals.map((one) => {
        const values = snapshot && valuesOf(snapshot, one, country)
        const format = (value: number) => (one.money ? roundMoney(value, snapshot?.currency ?? 'EUR') : compact(value))
        return (
          <section key={one.of} className="@container min-w-0">
            <h2 className="truncate text-base text-muted">{one.name}</h2>
            <p
              className="leading-[3.25rem] font-semibold tracking-tight whitespace-nowrap tabular"
              style={{ fontSize: fitText(values === undefined ? '' : format(values.now), 3) }}
            >
              {values !== undefined &&
                (one.money && streamer ? (
                  hiddenMoney
                ) : one.money ? (
                  format(values.now)
                ) : (
                  <NumberTicker value={values.now} format={compact} />
                ))}
            </p>
            <p className="mt-[0.25rem] h-[1.75rem] overflow-hidden">
              {values !== undefined && !(one.money && streamer) && <Delta now={values.now} before={values.before} format={format} large />}
            </p>
          </section>
        )
      })}
    </div>
  )
}
