import { ButtonLink } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-[70dvh] max-w-xl items-center px-6">
      <EmptyState heading="h1" icon="compass" title="Page not found" action={<ButtonLink href="/">Go to live view</ButtonLink>}>
        There’s no page at this address.
      </EmptyState>
    </main>
  )
}
