'use client'

import { useAnalytics } from '@/data/query/analytics'
import { breakdown } from '@/data/query/build'
import type { Metric } from '@/data/query/metrics'
import { useQuery } from '@/data/query/useQuery'
import { useUrl } from '@/data/url'
import { ButtonLink } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { AnalyticsPage } from './AnalyticsPage'
import { devices, sources } from './cards'
import { CountriesCard, Funnel, TableCard } from './lazyCards'
import { Overview } from './Overview'
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
    <AnalyticsPage fixed={{ operator: 'is', dimension, values: [value] }}>
      <Toolbar title={<Title value={value} other={id === null ? 'item:id' : 'item:name'} />} />
      <Overview metrics={metrics}>
        <CountriesCard />
        <div className="grid gap-4 lg:grid-cols-2">
          <TableCard card={sources} />
          <TableCard card={devices} />
        </div>
        <Funnel />
      </Overview>
    </AnalyticsPage>
  )
}

/** The name of an id, or the id of a name. */
function Title({ value, other }: { value: string; other: string }) {
  const { shop, view } = useAnalytics()
  const state = useQuery(
    breakdown(shop, { ...view, period: { kind: 'preset', id: 'all' }, filters: view.filters.slice(0, 1) }, other, ['events'], { limit: 1 }),
  )
  const found = state.result?.results[0]?.dimensions[0]
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
      <EmptyState heading="h1" icon="bag" title="No product selected" action={<ButtonLink href="/analytics">Go to analytics</ButtonLink>}>
        Add a product ID to the URL, such as <code className="font-mono text-ink">/product?id=SKU1</code>, or pick a product on the
        analytics page.
      </EmptyState>
    </main>
  )
}
