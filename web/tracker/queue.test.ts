import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Hit } from './hit'
import { bodyOf, delay, isBusy, LIMIT, queue } from './queue'

const NOW = Date.parse('2026-11-24T10:00:00Z')
const hit = (id: string, at = NOW): Hit => ({ id, at })

let stored: Map<string, string>
let online: () => void
let fetch: ReturnType<typeof vi.fn>
let beacon: ReturnType<typeof vi.fn>
const answer = (status: number, retryAfter?: string) => ({ status, headers: new Headers(retryAfter ? { 'Retry-After': retryAfter } : {}) })
const sent = () => fetch.mock.calls.map(([, { body }]) => (JSON.parse(body) as Hit[]).map(({ id }) => id).join())
const waiting = () => [...stored.values()].map((text) => (JSON.parse(text) as Hit).id).join()

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  stored = new Map()
  fetch = vi.fn(async () => answer(202))
  beacon = vi.fn(() => true)
  // As a browser has it: its keys are its own properties.
  vi.stubGlobal(
    'sessionStorage',
    new Proxy<Record<string, string>>(
      {},
      {
        get: (_, key) => stored.get(key as string),
        set: (_, key, text: string) => !!stored.set(key as string, text),
        deleteProperty: (_, key) => stored.delete(key as string) || true,
        ownKeys: () => [...stored.keys()],
        getOwnPropertyDescriptor: (_, key) => (stored.has(key as string) ? { enumerable: true, configurable: true } : undefined),
      },
    ),
  )
  vi.stubGlobal('addEventListener', (_: string, then: () => void) => (online = then))
  vi.stubGlobal('fetch', fetch)
  vi.stubGlobal('navigator', { sendBeacon: beacon })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('what is sent', () => {
  test('says how long it waited when it did, and no time of day: clocks are wrong', () =>
    expect(JSON.parse(bodyOf([hit('old', NOW - 6e3), hit('new', NOW - 4e3)], NOW))).toEqual([
      { id: 'old', at: NOW - 6e3, age: 6e3 },
      { id: 'new', at: NOW - 4e3 },
    ]))
  test('is as of now where the clock was set back meanwhile', () =>
    expect(JSON.parse(bodyOf([hit('ahead', NOW + 9e7)], NOW))).toEqual([{ id: 'ahead', at: NOW + 9e7 }]))
  test('together when it happened together', async () => {
    const { send } = queue('/e')
    send(hit('a'))
    send(hit('b'))
    await vi.runAllTimersAsync()
    expect(sent()).toEqual(['a,b'])
    expect(waiting()).toBe('')
  })
  test('once, though another comes while it is on its way', async () => {
    let done!: (value: unknown) => void
    fetch.mockImplementationOnce(() => new Promise((resolve) => (done = resolve)))
    const { send } = queue('/e')
    send(hit('a'))
    await vi.runAllTimersAsync()
    send(hit('b'))
    await vi.runAllTimersAsync()
    expect(sent()).toEqual(['a'])
    expect(waiting()).toBe('a,b')
    done(answer(202))
    await vi.runAllTimersAsync()
    expect(sent()).toEqual(['a', 'b'])
    expect(waiting()).toBe('')
  })
})

describe('what is not answered', () => {
  test.each([[503], [500], [429], [408]])('with %i is kept and sent again', async (status) => {
    fetch.mockResolvedValueOnce(answer(status))
    queue('/e').send(hit('a'))
    await vi.runAllTimersAsync()
    expect(sent()).toEqual(['a', 'a'])
    expect(waiting()).toBe('')
  })
  test.each([[400], [403], [404], [413], [422]])('but refused with %i is not', async (status) => {
    fetch.mockResolvedValueOnce(answer(status))
    queue('/e').send(hit('a'))
    await vi.runAllTimersAsync()
    expect(sent()).toEqual(['a'])
    expect(waiting()).toBe('')
  })
  test('waits as long as the server says', async () => {
    fetch.mockResolvedValueOnce(answer(503, '60'))
    queue('/e').send(hit('a'))
    await vi.advanceTimersByTimeAsync(59_000)
    expect(sent()).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sent()).toEqual(['a', 'a'])
  })
  test('goes at once when the network is back', async () => {
    fetch.mockRejectedValueOnce(new TypeError('offline'))
    queue('/e').send(hit('a'))
    await vi.advanceTimersByTimeAsync(1)
    expect(sent()).toEqual(['a'])
    online()
    await vi.advanceTimersByTimeAsync(1)
    expect(sent()).toEqual(['a', 'a'])
  })
  test('is taken over by the next page', async () => {
    fetch.mockRejectedValue(new TypeError('offline'))
    queue('/e').send(hit('a'))
    await vi.advanceTimersByTimeAsync(1)
    fetch.mockReset().mockResolvedValue(answer(202))
    queue('/e').send(hit('b'))
    await vi.advanceTimersByTimeAsync(1)
    expect(sent()[0]).toBe('a,b')
  })
  test('goes once more when the page is left, and is kept until it is answered', () => {
    const { send, leave } = queue('/e')
    leave()
    expect(beacon).not.toHaveBeenCalled()
    send(hit('a'))
    leave()
    expect(beacon).toHaveBeenCalledOnce()
    expect(waiting()).toBe('a')
  })
  test('is dropped after a day', async () => {
    for (const each of [hit('old', NOW - 863e5), hit('young', NOW - 863e5 + 1)]) stored.set(`footfall:${each.id}`, JSON.stringify(each))
    queue('/e').flush()
    await vi.advanceTimersByTimeAsync(0)
    expect(sent()).toEqual(['young'])
    expect(waiting()).toBe('')
  })
  test('is bounded: the oldest go', () => {
    const { send, leave } = queue('/e')
    for (let i = 0; i < LIMIT + 3; i++) send(hit(`${i}`, NOW + i))
    leave()
    expect(waiting().split(',')).toHaveLength(LIMIT)
    expect(waiting()).toMatch(/^3,/)
  })
  test('is not overwritten by the page before, which may still run', async () => {
    fetch.mockRejectedValue(new TypeError('offline'))
    const [before, after] = [queue('/e'), queue('/e')]
    before.send(hit('a', NOW))
    after.send(hit('b', NOW + 1))
    before.send(hit('c', NOW + 2))
    expect(waiting()).toBe('a,b,c')
  })
  test('and can not be written stands in nobody’s way', async () => {
    const { send } = queue('/e')
    const circle: Hit = hit('circle')
    circle.self = circle
    expect(() => send(circle)).toThrow()
    send(hit('a'))
    await vi.runAllTimersAsync()
    expect(sent()).toEqual(['a'])
  })
  test('waits in memory where storage is forbidden', async () => {
    vi.stubGlobal('sessionStorage', undefined)
    fetch.mockRejectedValueOnce(new TypeError('offline'))
    queue('/e').send(hit('a'))
    await vi.runAllTimersAsync()
    expect(sent()).toEqual(['a', 'a'])
  })
})

test('each try waits about twice as long as the one before, up to some minutes', () => {
  for (const [failures, least, most] of [
    [0, 250, 750],
    [1, 500, 1500],
    [3, 2000, 6000],
    [8, 64_000, 192_000],
    [50, 64_000, 192_000],
  ] as const) {
    const wait = delay(failures, null)
    expect(wait).toBeGreaterThanOrEqual(least)
    expect(wait).toBeLessThanOrEqual(most)
  }
})

test('busy is what may go better in a moment', () =>
  expect([200, 202, 400, 404, 408, 413, 422, 429, 500, 502, 503].filter(isBusy)).toEqual([408, 429, 500, 502, 503]))
