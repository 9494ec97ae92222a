import type { Metadata } from 'next'
import { Country } from '@/sections/analytics/Country'

export const metadata: Metadata = { title: 'Country' }

export default function CountryPage() {
  return <Country />
}
