'use client'

import { useState } from 'react'
import { Breakdown } from '@/charts/Breakdown'
import { Steps } from '@/charts/Steps'
import { number } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import type { Answer } from '@/data/query/ask'
import { funnel, steps } from '@/data/query/build'
import { csvOf, download } from '@/data/query/csv'
import { numberOf, plain } from '@/data/query/metrics'
import { valueName } from '@/data/query/names'
import { writePeriod } from '@/data/query/period'
import { useAnswer } from '@/data/query/useAnswer'
import { Button } from '@/ui/Button'
import { Card, CardHeader } from '@/ui/Card'
import { Icon } from '@/ui/Icon'
import { Skeleton } from '@/ui/Skeleton'
import { Answered } from './Answered'
import { Label } from './Label'

const shownRows = 8
const country = 'visit:country'
const rate = (value: number) => plain('purchase_rate', value, null)
const share = (part: number, of: number) => (of === 0 ? 0 : (part / of) * 100)

/** From looking at a product to buying it, and in which countries how many do. */
export default function Funnel({ byCountry = true }: { byCountry?: boolean }) {
  const { shop, view, choose } = useAnalytics()
  const [all, setAll] = useState(false)
  const asked = useAnswer(funnel(shop, view))
  const save = (answer: Answer) =>
    download(
      `${shop.site}-funnel-${writePeriod(view.period).replace(',', '-')}.csv`,
      csvOf(
        ['Country', 'Code', ...steps.map((step) => step.name)],
        answer.results.map((row) => [
          valueName(country, row.dimensions[0] ?? ''),
          row.dimensions[0] ?? '',
          ...row.metrics.map((value) => numberOf(value)),
        ]),
      ),
    )
  const chosen = view.filters.find((filter) => filter.dimension === country && filter.operator === 'is')?.values ?? []
  return (
    <Card className="p-5">
      <CardHeader title="From product to purchase" hint="Visits that did one after the other">
        {asked.answer !== undefined && asked.answer.results.length > 0 && (
          <Button look="quiet" aria-label="Funnel as CSV" onClick={() => asked.answer && save(asked.answer)}>
            <Icon name="download" size={14} /> CSV
          </Button>
        )}
      </CardHeader>
      <Answered asked={asked} loading={<Skeleton className="h-44" />} className="relative mt-3">
        {(answer) => {
          const sums = answer.meta.funnel?.steps ?? []
          if (!(sums[0]?.visits ?? 0))
            return (
              <p className="py-12 text-center text-sm text-pretty text-muted">
                No visit looked at a product in this period. Shops tell it by <code className="font-mono text-ink">view_item</code>,{' '}
                <code className="font-mono text-ink">add_to_cart</code>, <code className="font-mono text-ink">begin_checkout</code> and{' '}
                <code className="font-mono text-ink">purchase</code>.
              </p>
            )
          const rows = all ? answer.results : answer.results.slice(0, shownRows)
          const most = Math.max(...answer.results.map((row) => numberOf(row.metrics[0] ?? null) ?? 0), 1)
          return (
            <>
              <Steps
                label="Steps to a purchase"
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
                    caption="Steps to a purchase by country"
                    columns={steps.map((step, i) => ({ id: step.event, name: i === 0 ? 'Looked' : `${step.name} rate` }))}
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
                  {answer.results.length > shownRows && (
                    <div className="mt-2 flex justify-center">
                      <Button look="quiet" onClick={() => setAll(!all)}>
                        {all ? 'Show fewer' : `Show all ${number(answer.results.length)}`}
                      </Button>
                    </div>
                  )}
                </div>
              )}
            </>
          )
        }}
      </Answered>
    </Card>
  )
}
