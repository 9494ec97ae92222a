'use client'

import dynamic from 'next/dynamic'
import { useCallback, useMemo } from 'react'
import { shade } from '@/charts/scale'
import { nameOf } from '@/data/countries'
import { number } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import { breakdown } from '@/data/query/build'
import { numberOf } from '@/data/query/metrics'
import type { QueryResult } from '@/data/query/runQuery'
import { useQuery } from '@/data/query/useQuery'
import { Card, CardHeader } from '@/ui/Card'
import { countries } from './cards'
import { QueryView } from './QueryView'
import { Rows } from './Rows'
import { NoRows, RowSkeletons, shownRows, TableActions } from './TableCard'

const FlatMap = dynamic(() => import('@/charts/FlatMap'), { ssr: false })
/** More than there are countries. */
const all = 300
const never = () => () => undefined

/** Countries on a map and in a table, from one result. */
export default function CountriesCard() {
  const { shop, view } = useAnalytics()
  const state = useQuery(breakdown(shop, view, countries.dimension, countries.metrics, { limit: all }))
  return (
    <Card className="p-5">
      <CardHeader title="Countries" hint="Shaded by visitors">
        <TableActions card="places" table={countries} />
      </CardHeader>
      <div className="relative mt-3 grid gap-6 lg:grid-cols-12">
        <div className="flex min-h-52 items-center sm:min-h-72 lg:col-span-7">
          <VisitorMap result={state.result} />
        </div>
        <QueryView state={state} loading={<RowSkeletons />} className="min-h-44 min-w-0 lg:col-span-5">
          {(result) =>
            result.results.length === 0 ? (
              <NoRows table={countries} />
            ) : (
              <Rows table={countries} metrics={state.query?.metrics ?? countries.metrics} result={result} limit={shownRows} />
            )
          }
        </QueryView>
      </div>
    </Card>
  )
}

function VisitorMap({ result }: { result: QueryResult | undefined }) {
  const { view, choose } = useAnalytics()
  const visitors = useMemo(
    () => Object.fromEntries((result?.results ?? []).map((row) => [row.dimensions[0] ?? '', numberOf(row.metrics[0] ?? null) ?? 0])),
    [result],
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
      label={`World map: visitors from ${number(Object.keys(visitors).length)} countries. The table next to it has the numbers.`}
    />
  )
}
