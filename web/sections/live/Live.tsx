'use client'

import { LiveProvider, useLive } from '@/data/live/live'
import { ActiveVisitors } from './ActiveVisitors'
import { Countries } from './Countries'
import { Filters } from './Filters'
import { LatestActivity } from './LatestActivity'
import { LiveMap } from './LiveMap'
import { RecordVisit } from './RecordVisit'
import { TodayTotals } from './TodayTotals'
import { Wall } from './Wall'

/** The live page: what happens on a site at this moment. */
export function Live() {
  return (
    <LiveProvider>
      <Page />
    </LiveProvider>
  )
}

function Page() {
  const { wall } = useLive()
  if (wall) return <Wall />
  return (
    <main className="mx-auto flex max-w-[100rem] flex-col gap-4 px-4 pt-5 pb-16 sm:px-6">
      <Filters />
      <div className="grid gap-4 lg:grid-cols-12">
        <div className="contents min-w-0 flex-col gap-4 lg:col-span-4 lg:flex">
          <ActiveVisitors className="min-w-0" />
          <div className="order-last min-w-0 lg:order-none">
            <RecordVisit />
          </div>
        </div>
        <LiveMap className="h-[24rem] sm:h-[30rem] lg:col-span-8 lg:h-auto lg:min-h-[34rem]" />
      </div>
      <TodayTotals />
      <div className="grid items-start gap-4 lg:grid-cols-12">
        <Countries className="lg:col-span-8" />
        <LatestActivity className="lg:col-span-4" />
      </div>
    </main>
  )
}
