import { afterEach, expect, test, vi } from 'vitest'
import { ConcurrencyLimiter } from './limiter'
import { runQuery } from './runQuery'

const query = (site_id: string) => ({ site_id, date_range: '7d', metrics: ['visits'] }) as const
const never = new AbortController().signal
const result = (value: number) => new Response(JSON.stringify({ results: [{ dimensions: [], metrics: [value] }], meta: {}, query: {} }))
const busy = () =>
  new Response(JSON.stringify({ error: 'Too many queries are waiting.', code: 'QUERY_QUEUE_FULL' }), {
    status: 503,
    headers: { 'Retry-After': '1' },
  })

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('Equal queries share one request, and none is sent while the result is fresh', async () => {
  const fetch = vi.fn(() => Promise.resolve(result(1)))
  vi.stubGlobal('fetch', fetch)
  const [one, two] = await Promise.all([runQuery(query('once'), never), runQuery(query('once'), never)])
  expect(one).toBe(two)
  expect(await runQuery(query('once'), never)).toBe(one)
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('It is stopped when nobody wants the result any more, and not before', async () => {
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
  const pending = [runQuery(query('stopped'), first.signal), runQuery(query('stopped'), second.signal)]
  const results = Promise.allSettled(pending)
  first.abort()
  await Promise.resolve()
  expect(stopped).toBe(false)
  second.abort()
  expect((await results).map((one) => one.status)).toEqual(['rejected', 'rejected'])
  expect(stopped).toBe(true)
})

test('A query to a busy server is retried after its Retry-After, and then its message is shown', async () => {
  vi.useFakeTimers()
  const fetch = vi.fn(() => Promise.resolve(fetch.mock.calls.length < 2 ? busy() : result(5)))
  vi.stubGlobal('fetch', fetch)
  const pending = runQuery(query('busy'), never)
  await vi.advanceTimersByTimeAsync(1_100)
  expect((await pending).results[0]?.metrics).toEqual([5])

  vi.stubGlobal('fetch', () => Promise.resolve(busy()))
  const refused = expect(runQuery(query('always busy'), never)).rejects.toThrow('Too many queries are waiting.')
  await vi.advanceTimersByTimeAsync(5_000)
  await refused
})

test('So many run at once, in their order; who gave up is not run', async () => {
  const limiter = new ConcurrencyLimiter(2)
  const order: number[] = []
  const ends: (() => void)[] = []
  const start = (n: number, signal = never) =>
    limiter.run(
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
