'use client'

import dynamic from 'next/dynamic'
import { useCallback, useMemo } from 'react'
import { shade } from '@/charts/scale'
import { nameOf } from '@/data/countries'
import { number } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import type { Answer } from '@/data/query/ask'
import { breakdown } from '@/data/query/build'
import { numberOf } from '@/data/query/metrics'
import { useAnswer } from '@/data/query/useAnswer'
import { Card, CardHeader } from '@/ui/Card'
import { Answered } from './Answered'
import { countries } from './cards'
import { Rows } from './Rows'
import { NoRows, RowSkeletons, shownRows, TableActions } from './TableCard'

const FlatMap = dynamic(() => import('@/charts/FlatMap'), { ssr: false })
/** More than there are countries. */
const all = 300
const never = () => () => undefined

/** Countries on a map and in a table, from one answer. */
export default function Places() {
  const { shop, view } = useAnalytics()
  const asked = useAnswer(breakdown(shop, view, countries.dimension, countries.metrics, { limit: all }))
  return (
    <Card className="p-5">
      <CardHeader title="Countries" hint="Shaded by visitors">
        <TableActions card="places" table={countries} />
      </CardHeader>
      <div className="relative mt-3 grid gap-6 lg:grid-cols-12">
        <div className="flex min-h-52 items-center sm:min-h-72 lg:col-span-7">
          <VisitorMap answer={asked.answer} />
        </div>
        <Answered asked={asked} loading={<RowSkeletons />} className="min-h-44 min-w-0 lg:col-span-5">
          {(answer) =>
            answer.results.length === 0 ? (
              <NoRows table={countries} />
            ) : (
              <Rows table={countries} metrics={asked.query?.metrics ?? countries.metrics} answer={answer} limit={shownRows} />
            )
          }
        </Answered>
      </div>
    </Card>
  )
}

function VisitorMap({ answer }: { answer: Answer | undefined }) {
  const { view, choose } = useAnalytics()
  const visitors = useMemo(
    () => Object.fromEntries((answer?.results ?? []).map((row) => [row.dimensions[0] ?? '', numberOf(row.metrics[0] ?? null) ?? 0])),
    [answer],
  )
  const shades = useMemo(() => {
    const most = Math.max(...Object.values(visitors), 0)
    return Object.fromEntries(Object.entries(visitors).map(([code, count]) => [code, shade(count, most)]))
  }, [visitors])
  const describe = useCallback(
    (code: string) => (
      <>
        <strong className="font-medium">{nameOf(code)}</strong>
        <span className="text-muted tabular">
          {' '}
          · {number(visitors[code] ?? 0)} {visitors[code] === 1 ? 'visitor' : 'visitors'}
        </span>
      </>
    ),
    [visitors],
  )
  const onChoose = useCallback((code: string) => choose(countries.dimension, code), [choose])
  const values = view.filters.find((filter) => filter.dimension === countries.dimension && filter.operator === 'is')?.values ?? []
  return (
    <FlatMap
      shades={shades}
      chosen={values.length === 1 ? (values[0] ?? null) : null}
      onChoose={onChoose}
      describe={describe}
      flashes={never}
      label={`Map of the world with visitors from ${number(Object.keys(visitors).length)} countries; the table beside it has the numbers`}
    />
  )
}
