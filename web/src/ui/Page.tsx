/** The frame of one page: its title, what can be done, and its three states besides the good one. */

import { Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { ProblemNote } from './ProblemNote'
import { visibleWords } from './visibleParts'
import { VisibleText } from './VisibleText'

interface PageProps {
  title: string
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Page({ title, about, actions, children }: PageProps) {
  useDocumentTitle(`${visibleWords(title)} · Countersign`)
  return (
    <Stack gap="lg" maw={1100} mx="auto">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            <VisibleText text={title} />
          </Title>
          {about && <Text c="dimmed">{about}</Text>}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  )
}

interface LoadedProps<Data> {
  of: UseQueryResult<Data, Error>
  empty?: { when: (data: Data) => boolean; show: ReactNode }
  children: (data: Data) => ReactNode
}

/** Shows what a query found; a skeleton before, the refusal if there is one, and a way on when it is empty. */
export function Loaded<Data>({ of, empty, children }: LoadedProps<Data>) {
  if (of.isPending) return <Waiting />
  if (of.isError && of.data === undefined) return <ProblemNote error={of.error} />
  const data = of.data as Data
  return (
    <>
      {of.isError && <ProblemNote error={of.error} />}
      {empty?.when(data) ? empty.show : children(data)}
    </>
  )
}

export function Waiting() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <Skeleton height={28} width="40%" />
      <Skeleton height={90} />
      <Skeleton height={90} />
    </Stack>
  )
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" py="xl" gap="xs">
      <Text fw={600}>{title}</Text>
      {children}
    </Stack>
  )
}
