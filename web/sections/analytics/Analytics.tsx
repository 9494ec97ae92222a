'use client'

import { devices, pages, products, sources } from './cards'
import { Funnel, Places, TableCard } from './later'
import { Overview } from './Overview'
import { Provided } from './Provided'
import { Toolbar } from './Toolbar'

/** Any period, by any dimension: asks `POST /api/v1/query`. */
export function Analytics() {
  return (
    <Provided>
      <Toolbar title="Analytics" />
      <Overview>
        <Places />
        <div className="grid gap-4 lg:grid-cols-2">
          <TableCard card={pages} />
          <TableCard card={sources} />
          <TableCard card={products} />
          <TableCard card={devices} />
        </div>
        <Funnel />
      </Overview>
    </Provided>
  )
}
