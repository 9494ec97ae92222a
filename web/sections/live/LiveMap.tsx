'use client'

import dynamic from 'next/dynamic'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { shade } from '@/charts/scale'
import { nameOf } from '@/data/countries'
import { number } from '@/data/format'
import { useLive } from '@/data/live/live'
import { usePreference } from '@/data/preferences'
import { Card, CardHeader } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { Segments } from '@/ui/Segments'

const Globe = dynamic(() => import('@/charts/Globe'), { ssr: false })
const FlatMap = dynamic(() => import('@/charts/FlatMap'), { ssr: false })

const options = [
  { value: 'globe', label: 'Globe', icon: 'globe' },
  { value: 'map', label: 'Map', icon: 'map' },
] as const

/** Where visits happen: a globe or a flat map, countries shaded by the visits of today, a ring where one happens. */
export function LiveMap({ className, bare = false }: { className?: string; bare?: boolean }) {
  const [kind, setKind] = usePreference('world')
  const [drawer, setDrawer] = useState<'graphics' | 'processor' | 'nothing'>()
  useEffect(() => {
    void import('@/charts/Globe').then(({ drawnBy }) => setDrawer(drawnBy()))
  }, [])
  const props = useWorldProps()
  const canTurn = drawer !== 'nothing'
  const shown = canTurn && (kind === 'globe' || (kind === '' && drawer === 'graphics')) ? 'globe' : 'map'
  const Drawing = drawer === undefined ? Nothing : shown === 'globe' ? Globe : FlatMap
  if (bare)
    return (
      <div className={cn('relative min-h-0', className)}>
        <Drawing {...props} />
      </div>
    )
  return (
    <Card className={cn('flex flex-col p-5', className)}>
      <CardHeader title="Visits by country" hint="Shaded by visits today. Rings are visits; gold rings are orders.">
        {canTurn && <Segments label="Map view" value={shown} options={options} onChange={setKind} />}
      </CardHeader>
      <div className="relative mt-2 flex min-h-0 flex-1 items-center justify-center">
        <Drawing {...props} />
      </div>
    </Card>
  )
}

/** Until it is known what can be drawn. */
const Nothing = () => null

function useWorldProps() {
  const { snapshot, country, choose, pulses } = useLive()
  const today = snapshot?.today
  const active = snapshot?.active
  // Written as a text, so that visits which change no shade draw nothing again.
  const text = useMemo(() => {
    const most = Math.max(...Object.values(today ?? {}), 0)
    return JSON.stringify(Object.fromEntries(Object.entries(today ?? {}).map(([code, count]) => [code.toUpperCase(), shade(count, most)])))
  }, [today])
  const shades = useMemo(() => JSON.parse(text) as Record<string, number>, [text])
  const describe = useCallback(
    (code: string) => {
      const key = code.toLowerCase()
      return (
        <>
          <strong className="font-medium">{nameOf(code)}</strong>
          <span className="text-muted tabular">
            {' '}
            · {number(active?.[key] ?? 0)} now · {number(today?.[key] ?? 0)} today
          </span>
        </>
      )
    },
    [today, active],
  )
  const flashes = useCallback(
    (listener: (code: string, color: string) => void) =>
      pulses.subscribe((pulse) => {
        if (country === null || country === pulse.country)
          listener(pulse.country.toUpperCase(), pulse.kind === 'order' ? '--order' : '--accent')
      }),
    [pulses, country],
  )
  const onChoose = useCallback((code: string) => choose(code.toLowerCase() === country ? null : code.toLowerCase()), [choose, country])
  const count = Object.keys(shades).length
  return {
    shades,
    chosen: country?.toUpperCase() ?? null,
    onChoose,
    describe,
    flashes,
    label: `World map: visits today from ${number(count)} ${count === 1 ? 'country' : 'countries'}. The countries table has the numbers.`,
  }
}
