'use client'

import type { ReactNode } from 'react'
import { AnalyticsProvider } from '@/data/query/analytics'
import type { Filter } from '@/data/query/filters'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'

/** A page of analytics: its frame is there before the shop is known. */
export function AnalyticsPage({ fixed, children }: { fixed?: Filter; children: ReactNode }) {
  return (
    <main className="mx-auto flex max-w-[100rem] flex-col gap-4 px-4 pt-5 pb-16 sm:px-6">
      <AnalyticsProvider
        {...(fixed !== undefined && { fixed })}
        loading={
          <div aria-busy className="flex flex-col gap-4">
            <h1 className="sr-only">Loading…</h1>
            <Skeleton className="h-9 w-60" />
            <Skeleton className="h-144" />
          </div>
        }
        failed={(message, retry) => (
          <>
            <h1 className="sr-only">Analytics</h1>
            <ErrorState message={message} onRetry={retry} />
          </>
        )}
      >
        {children}
      </AnalyticsProvider>
    </main>
  )
}
