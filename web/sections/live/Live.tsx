'use client'

import { LiveProvider, useLive } from '@/data/live/live'
import { Countries } from './Countries'
import { Filters } from './Filters'
import { Latest } from './Latest'
import { Now } from './Now'
import { Numbers } from './Numbers'
import { Record } from './Record'
import { Wall } from './Wall'
import { World } from './World'

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
          <Now className="min-w-0" />
          <div className="order-last min-w-0 lg:order-none">
            <Record />
          </div>
        </div>
        <World className="h-[24rem] sm:h-[30rem] lg:col-span-8 lg:h-auto lg:min-h-[34rem]" />
      </div>
      <Numbers />
      <div className="grid items-start gap-4 lg:grid-cols-12">
        <Countries className="lg:col-span-8" />
        <Latest className="lg:col-span-4" />
      </div>
    </main>
  )
}
