'use client'

import { useState } from 'react'
import { Breakdown } from '@/charts/Breakdown'
import { FunnelSteps } from '@/charts/FunnelSteps'
import { number } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import { funnel, steps } from '@/data/query/build'
import { csvOf, download } from '@/data/query/csv'
import { numberOf, plain } from '@/data/query/metrics'
import { valueName } from '@/data/query/names'
import { writePeriod } from '@/data/query/period'
import type { QueryResult } from '@/data/query/runQuery'
import { useQuery } from '@/data/query/useQuery'
import { Button } from '@/ui/Button'
import { Card, CardHeader } from '@/ui/Card'
import { Icon } from '@/ui/Icon'
import { Skeleton } from '@/ui/Skeleton'
import { Label } from './Label'
import { QueryView } from './QueryView'

const shownRows = 8
const country = 'visit:country'
const rate = (value: number) => plain('purchase_rate', value, null)
const share = (part: number, of: number) => (of === 0 ? 0 : (part / of) * 100)

/** From looking at a product to buying it, and in which countries how many do. */
export default function Funnel({ byCountry = true }: { byCountry?: boolean }) {
  const { shop, view, choose } = useAnalytics()
  const [all, setAll] = useState(false)
  const state = useQuery(funnel(shop, view))
  const save = (result: QueryResult) =>
    download(
      `${shop.site}-funnel-${writePeriod(view.period).replace(',', '-')}.csv`,
      csvOf(
        ['Country', 'Code', ...steps.map((step) => step.name)],
        result.results.map((row) => [
          valueName(country, row.dimensions[0] ?? ''),
          row.dimensions[0] ?? '',
          ...row.metrics.map((value) => numberOf(value)),
        ]),
      ),
    )
  const chosen = view.filters.find((filter) => filter.dimension === country && filter.operator === 'is')?.values ?? []
  return (
    <Card className="p-5">
      <CardHeader title="Purchase funnel" hint="Visits that completed each step in order">
        {state.result !== undefined && state.result.results.length > 0 && (
          <Button look="quiet" aria-label="Export funnel as CSV" onClick={() => state.result && save(state.result)}>
            <Icon name="download" size={14} /> CSV
          </Button>
        )}
      </CardHeader>
      <QueryView state={state} loading={<Skeleton className="h-44" />} className="relative mt-3">
        {(result) => {
          const sums = result.meta.funnel?.steps ?? []
          if (!(sums[0]?.visits ?? 0))
            return (
              <p className="py-12 text-center text-sm text-pretty text-muted">
                No product views in this period. Shops report the steps with the events{' '}
                <code className="font-mono text-ink">view_item</code>, <code className="font-mono text-ink">add_to_cart</code>,{' '}
                <code className="font-mono text-ink">begin_checkout</code> and <code className="font-mono text-ink">purchase</code>.
              </p>
            )
          const rows = all ? result.results : result.results.slice(0, shownRows)
          const most = Math.max(...result.results.map((row) => numberOf(row.metrics[0] ?? null) ?? 0), 1)
          return (
            <>
              <FunnelSteps
                label="Purchase funnel"
                steps={sums.map((step, i) => ({
                  name: steps[i]?.name ?? '',
                  value: number(step.visits),
                  share: (step.rate ?? 0) / 100,
                  ofFirst: rate(step.rate ?? 0),
                  ...(i > 0 && { ofPrevious: rate(step.rate_of_previous ?? 0) }),
                }))}
              />
              {byCountry && (
                <div className="mt-5">
                  <Breakdown
                    name="Country"
                    caption="Purchase funnel by country"
                    columns={steps.map((step, i) => ({ id: step.event, name: i === 0 ? 'Product views' : `${step.name} rate` }))}
                    rows={rows.map((row) => {
                      const [first = 0, ...others] = row.metrics.map((value) => numberOf(value) ?? 0)
                      return {
                        key: row.dimensions[0] ?? '',
                        label: <Label dimension={country} value={row.dimensions[0] ?? ''} />,
                        share: first / most,
                        cells: [number(first), ...others.map((one) => rate(share(one, first)))],
                      }
                    })}
                    chosen={chosen}
                    onChoose={(code) => choose(country, code)}
                  />
                  {result.results.length > shownRows && (
                    <div className="mt-2 flex justify-center">
                      <Button look="quiet" onClick={() => setAll(!all)}>
                        {all ? 'Show fewer' : `Show all ${number(result.results.length)}`}
                      </Button>
                    </div>
                  )}
                </div>
              )}
            </>
          )
        }}
      </QueryView>
    </Card>
  )
}
