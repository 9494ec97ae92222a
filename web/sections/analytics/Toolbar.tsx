'use client'

import type { ReactNode } from 'react'
import { useAnalytics } from '@/data/query/analytics'
import { negate } from '@/data/query/filters'
import { dimensionName, valueName } from '@/data/query/names'
import type { Comparison } from '@/data/query/period'
import { Button } from '@/ui/Button'
import { Chip } from '@/ui/Chip'
import { Select } from '@/ui/Select'
import { Label } from './Label'
import { PeriodPicker } from './PeriodPicker'

const comparisons: readonly { value: Comparison; label: string }[] = [
  { value: 'previous_period', label: 'vs previous' },
  { value: 'year_over_year', label: 'vs last year' },
  { value: 'off', label: 'No comparison' },
]
const words = { is: 'is', is_not: 'is not', contains: 'contains', contains_not: 'does not contain' } as const

/** What the page is, which period it shows, and what it is filtered by. */
export function Toolbar({ title }: { title: ReactNode }) {
  const { view, filters, change } = useAnalytics()
  return (
    <div className="relative z-20 flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="flex min-w-0 items-center gap-2 text-xl font-semibold tracking-tight">{title}</h1>
        <div className="flex w-full min-w-0 items-center justify-between gap-2 sm:w-auto sm:justify-end">
          <PeriodPicker />
          <Select
            label="Comparison"
            value={view.comparison}
            options={comparisons}
            onChange={(comparison) => change({ comparison })}
            className="w-30 shrink-0 sm:w-auto"
          />
        </div>
      </div>
      {filters.length > 0 && (
        <div role="group" aria-label="Filters" className="flex flex-wrap items-center gap-2">
          {filters.map((filter, i) => {
            const text = filter.values.map((value) => valueName(filter.dimension, value)).join(', ')
            return (
              <Chip
                // biome-ignore lint/suspicious/noArrayIndexKey: a URL may have the same filter twice
                key={`${filter.dimension}${filter.operator}${i}`}
                label={`${dimensionName(filter.dimension)} ${words[filter.operator]} ${text}`}
                onRemove={() => change({ filters: filters.filter((one) => one !== filter) })}
              >
                <span className="flex min-w-0 items-center gap-1.5">
                  <span className="text-muted">{dimensionName(filter.dimension)}</span>
                  <button
                    type="button"
                    title={filter.operator === 'is' || filter.operator === 'contains' ? 'Exclude instead' : 'Include instead'}
                    aria-label={`${words[filter.operator]}: ${filter.operator === 'is' || filter.operator === 'contains' ? 'exclude' : 'include'} instead`}
                    onClick={() => change({ filters: filters.map((one) => (one === filter ? negate(one) : one)) })}
                    className="rounded px-1 text-muted underline decoration-dotted underline-offset-4 transition-colors hover:text-ink"
                  >
                    {words[filter.operator]}
                  </button>
                  <span className="max-w-48 truncate sm:max-w-80">
                    {filter.values.length === 1 ? <Label dimension={filter.dimension} value={filter.values[0] ?? ''} /> : text}
                  </span>
                </span>
              </Chip>
            )
          })}
          {filters.length > 1 && (
            <Button look="quiet" onClick={() => change({ filters: [] })}>
              Clear all
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
