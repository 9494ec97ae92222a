'use client'

import { useState } from 'react'
import { useAnalytics } from '@/data/query/analytics'
import { numberOf } from '@/data/query/metrics'
import { useAnswer } from '@/data/query/useAnswer'
import { Button } from '@/ui/Button'
import { CopyLine } from '@/ui/CopyLine'
import { EmptyState } from '@/ui/EmptyState'
import { Skeleton } from '@/ui/Skeleton'

/** Nothing in the period: because of the filters, because of the period, or because nothing ever came. Each with what to do. */
export default function NoData() {
  const { shop, filters, change } = useAnalytics()
  const ever = useAnswer({ site_id: shop.site, date_range: 'all', metrics: ['events', 'visits'] })
  if (ever.answer === undefined && ever.error === undefined) return <Skeleton className="m-5 h-56" />
  const never = ever.answer?.results[0]?.metrics.every((value) => !numberOf(value)) === true
  if (never) return <Script />
  if (filters.length > 0)
    return (
      <EmptyState
        heading="h2"
        icon="search"
        title="Nothing fits the filters"
        action={<Button onClick={() => change({ filters: [] })}>Remove the filters</Button>}
      >
        No visit of this period is like that.
      </EmptyState>
    )
  return (
    <EmptyState
      heading="h2"
      icon="calendar"
      title="Nobody in this period"
      action={<Button onClick={() => change({ period: { kind: 'preset', id: 'all' } })}>Show all time</Button>}
    >
      There are visits at other times.
    </EmptyState>
  )
}

/** The line that a shop adds to its pages. */
function Script() {
  const { shop } = useAnalytics()
  const [origin] = useState(() => (typeof window === 'undefined' ? '' : window.location.origin))
  const line = `<script defer src="${origin}/footfall.js" data-site="${shop.site}"></script>`
  return (
    <EmptyState heading="h2" icon="globe" title="Nothing has been counted yet">
      <p>Add this line to the head of each page of your shop. The first visit is here a moment later.</p>
      <CopyLine text={line} />
      <p className="mt-4">
        What was before can be imported: <code className="font-mono text-ink">footfall import</code> reads access logs and orders.
      </p>
    </EmptyState>
  )
}
