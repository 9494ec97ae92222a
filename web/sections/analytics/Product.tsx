'use client'

import { useAnalytics } from '@/data/query/analytics'
import { breakdown } from '@/data/query/build'
import type { Metric } from '@/data/query/metrics'
import { useAnswer } from '@/data/query/useAnswer'
import { useUrl } from '@/data/url'
import { ButtonLink } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { devices, sources } from './cards'
import { Funnel, Places, TableCard } from './later'
import { Overview } from './Overview'
import { Provided } from './Provided'
import { Toolbar } from './Toolbar'

const metrics: readonly Metric[] = [
  'visitors',
  'visits',
  'cart_rate',
  'checkout_rate',
  'purchase_rate',
  'units',
  'orders',
  'revenue',
  'refunds',
  'net_revenue',
]

/** One product by its id or its name: `/product?id=SKU1`, `/product?name=Lamp`. */
export function Product() {
  const url = useUrl()
  const [id, name] = [url.get('id'), url.get('name')]
  const value = id ?? name
  if (value === null || value === '') return <NoProduct />
  const dimension = id === null ? 'item:name' : 'item:id'
  return (
    <Provided fixed={{ operator: 'is', dimension, values: [value] }}>
      <Toolbar title={<Title value={value} other={id === null ? 'item:id' : 'item:name'} />} />
      <Overview metrics={metrics}>
        <Places />
        <div className="grid gap-4 lg:grid-cols-2">
          <TableCard card={sources} />
          <TableCard card={devices} />
        </div>
        <Funnel />
      </Overview>
    </Provided>
  )
}

/** The name of an id, or the id of a name. */
function Title({ value, other }: { value: string; other: string }) {
  const { shop, view } = useAnalytics()
  const asked = useAnswer(
    breakdown(shop, { ...view, period: { kind: 'preset', id: 'all' }, filters: view.filters.slice(0, 1) }, other, ['events'], { limit: 1 }),
  )
  const found = asked.answer?.results[0]?.dimensions[0]
  const second = found === undefined || found === '(not set)' ? null : found
  const [name, id] = other === 'item:name' && second !== null ? [second, value] : [value, second]
  return (
    <>
      <span className="truncate">{name}</span>
      {id !== null && id !== name && <span className="shrink-0 font-mono text-sm font-normal text-faint">{id}</span>}
    </>
  )
}

function NoProduct() {
  return (
    <main className="mx-auto flex min-h-[70dvh] max-w-xl items-center px-6">
      <EmptyState heading="h1" icon="bag" title="Which product?" action={<ButtonLink href="/analytics">To the analytics</ButtonLink>}>
        The address of this page names one by its id, such as <code className="font-mono text-ink">/product?id=SKU1</code>. The table of
        products links to each.
      </EmptyState>
    </main>
  )
}
