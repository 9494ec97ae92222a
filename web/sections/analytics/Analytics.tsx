import { EmptyState } from '@/ui/EmptyState'

/** Any period, by any dimension: asks `POST /api/v1/query`. */
export function Analytics() {
  return (
    <main className="mx-auto flex min-h-[70dvh] max-w-2xl items-center px-6">
      <EmptyState heading="h1" icon="search" title="Ask the query API">
        Footfall keeps every hit and answers questions about any period at <code className="font-mono text-ink">POST /api/v1/query</code>, in the language of Plausible’s Stats API. Its documentation is at{' '}
        <a href="/api/v1/docs" className="text-accent underline underline-offset-4">/api/v1/docs</a>.
      </EmptyState>
    </main>
  )
}
