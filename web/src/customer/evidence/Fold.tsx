/** What is only looked at by some: folded away behind a button. */

import { Button, Collapse, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface FoldProps {
  show: string
  hide: string
  children: ReactNode
}

export function Fold({ show, hide, children }: FoldProps) {
  const [isOpen, { toggle }] = useDisclosure()
  return (
    <>
      <Group my={4}>
        <Button variant="default" size="compact-xs" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? hide : show}
        </Button>
      </Group>
      <Collapse expanded={isOpen}>{isOpen && children}</Collapse>
    </>
  )
}
