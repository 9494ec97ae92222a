import type { ReactNode } from 'react'
import type { QueryResult } from '@/data/query/runQuery'
import type { QueryState } from '@/data/query/useQuery'
import { cn } from '@/ui/cn'
import { ErrorState } from '@/ui/ErrorState'

/** Shows the result of a query; a placeholder until it has come, and the error. While a new one loads the old one is dimmed; where it can't be refreshed it stays, and says so. */
export function QueryView({
  state,
  loading,
  children,
  className,
}: {
  state: QueryState
  loading: ReactNode
  children: (result: QueryResult) => ReactNode
  className?: string
}) {
  if (state.error !== undefined && state.result === undefined)
    return (
      <div className={className}>
        <ErrorState message={state.error} onRetry={state.retry} />
      </div>
    )
  if (state.result === undefined)
    return (
      <div aria-busy className={className}>
        <span className="sr-only">Loading…</span>
        {loading}
      </div>
    )
  return (
    <div aria-busy={state.loading} className={cn('transition-opacity duration-200', state.loading && 'opacity-50', className)}>
      {children(state.result)}
      {state.error !== undefined && (
        <p role="status" className="px-4 py-2 text-xs text-faint sm:px-5">
          Couldn’t refresh: {state.error}{' '}
          <button type="button" onClick={state.retry} className="text-muted underline underline-offset-2 hover:text-ink">
            Try again
          </button>
        </p>
      )}
    </div>
  )
}
