import type { Metadata } from 'next'
import { Product } from '@/sections/analytics/Product'

export const metadata: Metadata = { title: 'Product' }

export default function ProductPage() {
  return <Product />
}
