import { expect, test } from 'vitest'
import { withParameters } from '../url'
import { type Filter, negate, readFilter, toggle, writeFilter } from './filters'
import { readView, type View, writeView } from './view'

const view: View = {
  period: { kind: 'days', from: '2026-11-01', to: '2026-11-20' },
  comparison: 'year_over_year',
  metric: 'revenue',
  interval: 'week',
  filters: [
    { operator: 'is', dimension: 'visit:country', values: ['DE'] },
    { operator: 'is_not', dimension: 'visit:source', values: ['Google', 'Direct / None'] },
    { operator: 'contains', dimension: 'event:page', values: ['/a,b\\c?x=1&y', 'über'] },
  ],
}

test('A link shows the same view', () => {
  const search = withParameters('?site=shop.example', writeView(view))
  expect(readView(new URLSearchParams(search))).toEqual(view)
  expect(new URLSearchParams(search).get('site')).toBe('shop.example')
})

test('What is standard is not in the address', () => {
  const standard = readView(new URLSearchParams(''))
  expect(withParameters('?period=7d&metric=orders&compare=off&f=is,visit:os,Mac&c=DE', writeView(standard))).toBe('')
})

test('UK in a link is read as GB', () => {
  expect(readView(new URLSearchParams('?c=UK')).filters).toEqual([{ operator: 'is', dimension: 'visit:country', values: ['GB'] }])
})

test('A link can be read by people', () => {
  expect(withParameters('', writeView({ filters: view.filters.slice(0, 1), period: view.period }))).toBe(
    '?period=2026-11-01,2026-11-20&c=DE',
  )
  expect(withParameters('', writeView({ filters: [{ operator: 'is', dimension: 'event:page', values: ['/lamps'] }] }))).toBe(
    '?f=is,event:page,/lamps',
  )
})

test('A step of the chart that was chosen goes with its period', () => {
  expect(writeView({ period: { kind: 'preset', id: '7d' } })).toEqual({ period: '7d', interval: null })
})

test('What is no filter is passed over', () => {
  expect(readView(new URLSearchParams('f=drop,table&f=is,visit:os&f=is,visit:os,Mac&c=Germany')).filters).toEqual([
    { operator: 'is', dimension: 'visit:os', values: ['Mac'] },
  ])
  for (const text of ['', 'is', 'is,visit:os', 'matches,visit:os,.*', 'is,os,Mac']) expect(readFilter(text)).toBeNull()
})

test.each([[['a,b']], [['a\\']], [['\\,', '']], [['', 'x']], [['a\nb']]])('Values %j come back', (values) => {
  const filter: Filter = { operator: 'is', dimension: 'event:page', values }
  expect(readFilter(writeFilter(filter))).toEqual(filter)
})

test('The same value again takes the filter off', () => {
  const one = toggle([], 'visit:os', 'Mac')
  const two = toggle(one, 'visit:os', 'Windows')
  expect(two).toEqual([{ operator: 'is', dimension: 'visit:os', values: ['Mac', 'Windows'] }])
  expect(toggle(toggle(two, 'visit:os', 'Mac'), 'visit:os', 'Windows')).toEqual([])
  expect(toggle([{ operator: 'is_not', dimension: 'visit:os', values: ['Mac'] }], 'visit:os', 'Mac')).toHaveLength(2)
})

test('A filter turned round twice is the same', () => {
  for (const filter of view.filters) expect(negate(negate(filter))).toEqual(filter)
})
