import type { Metric } from '@/data/query/metrics'

/** One dimension of a card: what its table shows, and what more its details do. */
export interface Table {
  readonly id: string
  readonly label: string
  /** Where the label alone would say too little. */
  readonly title?: string
  /** What a row is. */
  readonly row: string
  readonly dimension: string
  readonly metrics: readonly Metric[]
  readonly details: readonly Metric[]
  /** Rows without a value say nothing here. */
  readonly onlySet?: boolean
  /** The page of a row. */
  readonly page?: 'country' | 'product'
}

export interface CardDefinition {
  /** Also the parameter of the address that says which table is shown. */
  readonly id: string
  readonly title: string
  readonly tables: readonly [Table, ...Table[]]
}

const shop: readonly Metric[] = ['visitors', 'visits', 'bounce_rate', 'visit_duration', 'purchase_rate', 'orders', 'revenue']
const visit = (id: string, label: string, row: string, onlySet = false): Table => ({
  id,
  label,
  row,
  dimension: `visit:${id}`,
  metrics: ['visitors', 'orders', 'revenue'],
  details: shop,
  onlySet,
})
const made = (id: string, label: string, row: string): Table => ({
  id,
  label,
  row,
  dimension: `visit:${id}`,
  metrics: ['visitors', 'percentage', 'purchase_rate'],
  details: ['visitors', 'percentage', ...shop.slice(1)],
})
const item = (id: string, label: string, row: string): Table => ({
  id,
  label,
  row,
  dimension: `item:${id}`,
  metrics: ['units', 'revenue', 'orders'],
  details: ['units', 'revenue', 'orders', 'visitors', 'purchase_rate'],
})

export const countries: Table = {
  id: 'country',
  label: 'Countries',
  row: 'Country',
  dimension: 'visit:country',
  metrics: ['visitors', 'orders', 'revenue'],
  details: shop,
  page: 'country',
}

export const pages: CardDefinition = {
  id: 'pages',
  title: 'Pages',
  tables: [
    {
      id: 'all',
      label: 'All',
      row: 'Page',
      dimension: 'event:page',
      title: 'All pages',
      metrics: ['visitors', 'pageviews', 'bounce_rate'],
      details: ['visitors', 'pageviews', 'bounce_rate', 'time_on_page'],
    },
    {
      id: 'entry',
      label: 'Entry',
      title: 'Entry pages',
      row: 'Entry page',
      dimension: 'visit:entry_page',
      metrics: ['visits', 'bounce_rate', 'visit_duration'],
      details: ['visitors', 'visits', 'bounce_rate', 'visit_duration', 'purchase_rate', 'orders', 'revenue'],
    },
    {
      id: 'exit',
      label: 'Exit',
      title: 'Exit pages',
      row: 'Exit page',
      dimension: 'visit:exit_page',
      metrics: ['visits', 'exit_rate'],
      details: ['visitors', 'visits', 'exit_rate'],
    },
  ],
}

export const sources: CardDefinition = {
  id: 'sources',
  title: 'Sources',
  tables: [
    visit('source', 'Sources', 'Source'),
    visit('channel', 'Channels', 'Channel'),
    visit('referrer', 'Referrers', 'Referrer'),
    visit('utm_campaign', 'Campaigns', 'Campaign', true),
    visit('utm_source', 'UTM source', 'UTM source', true),
    visit('utm_medium', 'UTM medium', 'UTM medium', true),
    visit('utm_content', 'UTM content', 'UTM content', true),
    visit('utm_term', 'UTM term', 'UTM term', true),
  ],
}

export const devices: CardDefinition = {
  id: 'devices',
  title: 'Devices',
  tables: [
    made('device', 'Devices', 'Device'),
    made('browser', 'Browsers', 'Browser'),
    { ...made('os', 'OS', 'Operating system'), title: 'Operating systems' },
    made('screen', 'Screens', 'Screen'),
    made('language', 'Languages', 'Language'),
  ],
}

export const products: CardDefinition = {
  id: 'products',
  title: 'Products',
  tables: [
    { ...item('name', 'Products', 'Product'), page: 'product' },
    item('category', 'Categories', 'Category'),
    item('brand', 'Brands', 'Brand'),
    { ...item('id', 'IDs', 'Product ID'), page: 'product' },
  ],
}
