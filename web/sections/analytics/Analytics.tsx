'use client'

import { AnalyticsPage } from './AnalyticsPage'
import { devices, pages, products, sources } from './cards'
import { CountriesCard, Funnel, TableCard } from './lazyCards'
import { Overview } from './Overview'
import { Toolbar } from './Toolbar'

/** Any period, by any dimension: runs `POST /api/v1/query`. */
export function Analytics() {
  return (
    <AnalyticsPage>
      <Toolbar title="Analytics" />
      <Overview>
        <CountriesCard />
        <div className="grid gap-4 lg:grid-cols-2">
          <TableCard card={pages} />
          <TableCard card={sources} />
          <TableCard card={products} />
          <TableCard card={devices} />
        </div>
        <Funnel />
      </Overview>
    </AnalyticsPage>
  )
}
