/** Calls of Footfall's API that are no stream. Each error is a sentence for a person. */
export class ApiError extends Error {
  /** @param retryAfter Seconds until it makes sense to retry, where the server says so. */
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly retryAfter: number | null = null,
  ) {
    super(message)
  }
}

const secondsOf = (header: string | null) => (header !== null && /^\d+$/.test(header) ? Number(header) : null)

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null)
  if (response.ok && body !== null) return body as T
  if (response.ok) throw new ApiError('The response from the server was incomplete.', 'INCOMPLETE_RESPONSE', response.status)
  const rejection = body as { error?: string; code?: string } | null
  throw new ApiError(
    rejection?.error ?? `The server responded with status ${response.status}.`,
    rejection?.code ?? 'UNKNOWN',
    response.status,
    secondsOf(response.headers.get('Retry-After')),
  )
}

async function call<T>(url: string, options?: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, options)
  } catch (error) {
    if (options?.signal?.aborted === true) throw error
    throw new ApiError('Can’t reach the server. Is it running?', 'UNREACHABLE', 0)
  }
  return read<T>(response)
}

/** Counts one visit. Sent again with the same key it counts once, so that a double click is one visit. */
export async function recordVisit(site: string, countryCode: string, key: string): Promise<{ country: string; visits: number }> {
  const query = new URLSearchParams({ countryCode, ...(site !== 'default' && { site }) })
  const counts = await call<Record<string, number>>(`/api/v1/stats?${query}`, { method: 'POST', headers: { 'Idempotency-Key': key } })
  const [country, visits] = Object.entries(counts)[0] ?? ['zz', 0]
  return { country, visits }
}

export interface Site {
  readonly site: string
  readonly time_zone: string
  readonly currency: string
}

export const readSites = async (signal: AbortSignal) => (await call<{ sites: Site[] }>('/api/v1/sites', { signal })).sites

/** Runs a query on the history; the body is JSON. */
export const postQuery = <T>(body: string, signal: AbortSignal) =>
  call<T>('/api/v1/query', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, signal })
