import { afterEach, describe, expect, test, vi } from 'vitest'
import { patterns, placeOf, refuses } from './options'

const at = (url: string) => new URL(url)

describe('paths that are not counted', () => {
  test.each([
    ['/admin', '/admin', true],
    ['/admin', '/admin/', true],
    ['/admin', '/admin/orders', false],
    ['/admin', '/old/admin', false],
    ['/admin/*', '/admin/orders', true],
    ['/admin/*', '/admin/orders/7', false],
    ['/admin/**', '/admin/orders/7', true],
    ['/**/edit', '/shop/7/edit', true],
    ['/a, /b/*', '/b/c', true],
    ['/a, /b/*', '/c', false],
    ['/a.b', '/axb', false],
    ['/(a', '/(a', true],
    ['/admin/**,', '/', false],
    [',', '/', false],
    ['', '/', false],
    ['/', '/', true],
  ])('%s and %s: %s', (list, path, excluded) => expect(patterns(list).test(path)).toBe(excluded))
})

describe('paths in other letters are compared as they are read', () => {
  const excluded = (list: string, url: string) => patterns(list).test(placeOf(at(url), {}).path)
  test.each(['/käse/**', '/k%C3%A4se/**', '/a, /k%c3%a4se/*'])('%s', (list) => {
    expect(excluded(list, 'https://shop.example/käse/brie')).toBe(true)
    expect(excluded(list, 'https://shop.example/k%c3%a4se/brie')).toBe(true)
    expect(excluded(list, 'https://shop.example/kase/brie')).toBe(false)
  })
  test('or as they are, where they are no text', () => {
    expect(excluded('/%ff/**', 'https://shop.example/%ff/brie')).toBe(true)
    expect(placeOf(at('https://shop.example/käse%2Fbrie'), {})).toEqual({
      path: '/käse%2Fbrie',
      url: 'https://shop.example/k%C3%A4se%2Fbrie',
    })
  })
})

describe('where a browser is', () => {
  test('is the path, and the query goes along for the names of sources', () =>
    expect(placeOf(at('https://shop.example/lamps?utm_source=mail#top'), {})).toEqual({
      path: '/lamps',
      url: 'https://shop.example/lamps?utm_source=mail',
    }))
  test.each([
    ['https://shop.example/#/lamps', '/lamps'],
    ['https://shop.example/#/lamps?sort=price', '/lamps'],
    ['https://shop.example/app/#lamps', '/app/lamps'],
    ['https://shop.example/app#/lamps/7', '/app/lamps/7'],
    ['https://shop.example/', '/'],
    ['https://shop.example/app', '/app'],
  ])('with data-hash, %s is %s', (url, path) => expect(placeOf(at(url), { hash: '' }).path).toBe(path))
  test('a very long query is cut, so that the hit is not refused', () =>
    expect(placeOf(at(`https://shop.example/?q=${'x'.repeat(3000)}`), {}).url).toHaveLength(2048))
})

describe('who does not want to be counted', () => {
  afterEach(() => vi.unstubAllGlobals())
  const says = (navigator: object, storage: object = {}) => {
    vi.stubGlobal('navigator', navigator)
    vi.stubGlobal('localStorage', storage)
  }

  test('says so in local storage', () => {
    says({}, { footfall_ignore: 'true' })
    expect(refuses({})).toBe(true)
    says({}, { footfall_ignore: 'false' })
    expect(refuses({})).toBeFalsy()
  })
  test('or by Do Not Track and Global Privacy Control, where the shop honours them', () => {
    says({ doNotTrack: '1', globalPrivacyControl: true })
    expect(refuses({})).toBeFalsy()
    expect(refuses({ respectDnt: '' })).toBe(true)
    expect(refuses({ respectGpc: '' })).toBe(true)
    says({ doNotTrack: null })
    expect(refuses({ respectDnt: '', respectGpc: '' })).toBeFalsy()
  })
  test('is asked even where storage is forbidden', () => {
    says({})
    vi.stubGlobal('localStorage', undefined)
    expect(refuses({})).toBeFalsy()
  })
})
