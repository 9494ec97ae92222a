'use client'

import { nameOf } from '@/data/countries'
import { useLive } from '@/data/live/live'
import { Chip } from '@/ui/Chip'
import { ConnectionStatus } from './ConnectionStatus'
import { Flag } from './Flag'

/** What the page is, whether it is right at this moment, and what it is filtered by. */
export function Filters() {
  const { country, choose } = useLive()
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2">
      <h1 className="text-xl font-semibold tracking-tight">Live view</h1>
      <ConnectionStatus />
      {country !== null && (
        <Chip label={nameOf(country)} onRemove={() => choose(null)}>
          <Flag code={country} /> {nameOf(country)}
        </Chip>
      )}
    </div>
  )
}
