'use client'

import { ErrorState } from '@/ui/ErrorState'

/** A defect of a page: the rest of the dashboard stays, and the page may be tried again. */
export default function Failed({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-[70dvh] max-w-xl items-center justify-center px-6">
      <ErrorState message="Something went wrong on this page. Your data is safe." onRetry={reset} />
    </main>
  )
}
