import { expect, test } from 'vitest'
import { withParameters } from './url'

test('A filter is added, changed and taken out, and the others stay', () => {
  expect(withParameters('', { c: 'DE' })).toBe('?c=DE')
  expect(withParameters('?site=shop.example&c=DE', { c: 'FR' })).toBe('?site=shop.example&c=FR')
  expect(withParameters('?site=shop.example&c=DE', { c: null })).toBe('?site=shop.example')
  expect(withParameters('?c=DE', { c: null })).toBe('')
})

test('A parameter without a value is written without an equals sign', () => {
  expect(withParameters('?site=shop.example', { wall: '' })).toBe('?site=shop.example&wall')
  expect(withParameters('?wall&c=DE', { c: null })).toBe('?wall')
})
