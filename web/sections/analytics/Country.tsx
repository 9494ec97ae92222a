'use client'

import { codeOf, nameOf } from '@/data/countries'
import { useUrl } from '@/data/url'
import { ButtonLink } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { Flag } from '../live/Flag'
import { AnalyticsPage } from './AnalyticsPage'
import { devices, pages, products, sources } from './cards'
import { Funnel, TableCard } from './lazyCards'
import { Overview } from './Overview'
import { Toolbar } from './Toolbar'

/** One country: `/country?c=DE`. */
export function Country() {
  const code = codeOf(useUrl().get('c'))?.toUpperCase()
  if (code === undefined) return <NoCountry />
  return (
    <AnalyticsPage fixed={{ operator: 'is', dimension: 'visit:country', values: [code] }}>
      <Toolbar
        title={
          <>
            <Flag code={code} /> <span className="truncate">{nameOf(code)}</span>
          </>
        }
      />
      <Overview>
        <div className="grid gap-4 lg:grid-cols-2">
          <TableCard card={products} />
          <TableCard card={sources} />
          <TableCard card={pages} />
          <TableCard card={devices} />
        </div>
        <Funnel byCountry={false} />
      </Overview>
    </AnalyticsPage>
  )
}

function NoCountry() {
  return (
    <main className="mx-auto flex min-h-[70dvh] max-w-xl items-center px-6">
      <EmptyState heading="h1" icon="map" title="No country selected" action={<ButtonLink href="/analytics">Go to analytics</ButtonLink>}>
        Add a country code to the URL, such as <code className="font-mono text-ink">/country?c=DE</code>, or pick a country on the analytics
        page.
      </EmptyState>
    </main>
  )
}
