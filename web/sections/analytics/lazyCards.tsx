'use client'

import dynamic from 'next/dynamic'
import { Card } from '@/ui/Card'
import { Skeleton } from '@/ui/Skeleton'

/** Cards further down, which are not part of the first load. */
const box = (height: string) => () => (
  <Card className="p-5">
    <Skeleton className={height} />
  </Card>
)

export const CountriesCard = dynamic(() => import('./CountriesCard'), { ssr: false, loading: box('h-100') })
export const TableCard = dynamic(() => import('./TableCard').then((module) => module.TableCard), { ssr: false, loading: box('h-88') })
export const Funnel = dynamic(() => import('./Funnel'), { ssr: false, loading: box('h-60') })
