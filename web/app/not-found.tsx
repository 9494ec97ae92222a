import { ButtonLink } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-[70dvh] max-w-xl items-center px-6">
      <EmptyState heading="h1" icon="compass" title="Nobody has set foot here" action={<ButtonLink href="/">To the live view</ButtonLink>}>
        There is no page at this address.
      </EmptyState>
    </main>
  )
}
