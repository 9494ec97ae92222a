import { afterEach, expect, test, vi } from 'vitest'
import { ask } from './ask'
import { Turns } from './turns'

const query = (site_id: string) => ({ site_id, date_range: '7d', metrics: ['visits'] }) as const
const never = new AbortController().signal
const answer = (value: number) => new Response(JSON.stringify({ results: [{ dimensions: [], metrics: [value] }], meta: {}, query: {} }))
const busy = () =>
  new Response(JSON.stringify({ error: 'Too many queries wait.', code: 'QUERY_QUEUE_FULL' }), {
    status: 503,
    headers: { 'Retry-After': '1' },
  })

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('The same question is asked once, and not again while its answer is fresh', async () => {
  const fetch = vi.fn(() => Promise.resolve(answer(1)))
  vi.stubGlobal('fetch', fetch)
  const [one, two] = await Promise.all([ask(query('once'), never), ask(query('once'), never)])
  expect(one).toBe(two)
  expect(await ask(query('once'), never)).toBe(one)
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('It is stopped when nobody wants the answer any more, and not before', async () => {
  let stopped = false
  vi.stubGlobal(
    'fetch',
    (_: string, { signal }: RequestInit) =>
      new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          stopped = true
          reject(signal.reason as Error)
        }),
      ),
  )
  const [first, second] = [new AbortController(), new AbortController()]
  const asked = [ask(query('stopped'), first.signal), ask(query('stopped'), second.signal)]
  const results = Promise.allSettled(asked)
  first.abort()
  await Promise.resolve()
  expect(stopped).toBe(false)
  second.abort()
  expect((await results).map((one) => one.status)).toEqual(['rejected', 'rejected'])
  expect(stopped).toBe(true)
})

test('A busy server is asked again after the time that it says, and then its sentence is told', async () => {
  vi.useFakeTimers()
  const fetch = vi.fn(() => Promise.resolve(fetch.mock.calls.length < 2 ? busy() : answer(5)))
  vi.stubGlobal('fetch', fetch)
  const asked = ask(query('busy'), never)
  await vi.advanceTimersByTimeAsync(1_100)
  expect((await asked).results[0]?.metrics).toEqual([5])

  vi.stubGlobal('fetch', () => Promise.resolve(busy()))
  const refused = expect(ask(query('always busy'), never)).rejects.toThrow('Too many queries wait.')
  await vi.advanceTimersByTimeAsync(5_000)
  await refused
})

test('So many run at once, in their order; who gave up is not run', async () => {
  const turns = new Turns(2)
  const order: number[] = []
  const ends: (() => void)[] = []
  const start = (n: number, signal = never) =>
    turns.run(
      signal,
      () =>
        new Promise<void>((resolve) => {
          order.push(n)
          ends.push(resolve)
        }),
    )
  const gone = new AbortController()
  const all = [start(1), start(2), start(3, gone.signal), start(4)]
  const results = Promise.allSettled(all)
  await Promise.resolve()
  expect(order).toEqual([1, 2])
  gone.abort()
  ends[0]?.()
  await vi.waitFor(() => expect(order).toEqual([1, 2, 4]))
  for (const end of ends) end()
  expect((await results).map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
})
