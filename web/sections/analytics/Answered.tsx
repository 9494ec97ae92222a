import type { ReactNode } from 'react'
import type { Answer } from '@/data/query/ask'
import type { Asked } from '@/data/query/useAnswer'
import { cn } from '@/ui/cn'
import { ErrorState } from '@/ui/ErrorState'

/** Shows an answer; what will be there until it has come, and what went wrong. While a new one is on its way the old one is pale; where it can't be had anew it stays, and says so. */
export function Answered({
  asked,
  loading,
  children,
  className,
}: {
  asked: Asked
  loading: ReactNode
  children: (answer: Answer) => ReactNode
  className?: string
}) {
  if (asked.error !== undefined && asked.answer === undefined)
    return (
      <div className={className}>
        <ErrorState message={asked.error} onRetry={asked.retry} />
      </div>
    )
  if (asked.answer === undefined)
    return (
      <div aria-busy className={className}>
        <span className="sr-only">Loading…</span>
        {loading}
      </div>
    )
  return (
    <div aria-busy={asked.loading} className={cn('transition-opacity duration-200', asked.loading && 'opacity-50', className)}>
      {children(asked.answer)}
      {asked.error !== undefined && (
        <p role="status" className="px-4 py-2 text-xs text-faint sm:px-5">
          Not of this minute: {asked.error}{' '}
          <button type="button" onClick={asked.retry} className="text-muted underline underline-offset-2 hover:text-ink">
            Try again
          </button>
        </p>
      )}
    </div>
  )
}
