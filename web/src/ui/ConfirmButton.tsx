/** A button that asks once before it does what cannot be taken back, and says what will happen. */

import { Button, Group, Modal, Stack, Text, type ButtonProps } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface ConfirmButtonProps {
  label: string
  question: string
  explain: ReactNode
  onConfirm: () => void
  danger?: boolean
  loading?: boolean
  disabled?: boolean
  leftSection?: ReactNode
  size?: ButtonProps['size']
  variant?: ButtonProps['variant']
  /** What is asked for besides a yes, such as a reason. */
  children?: ReactNode
  /** As long as what is asked for is missing, there is no yes. */
  isReady?: boolean
}

export function ConfirmButton({
  label,
  question,
  explain,
  onConfirm,
  danger = false,
  isReady = true,
  variant = 'default',
  children,
  ...button
}: ConfirmButtonProps) {
  const [isOpen, { open, close }] = useDisclosure()

  function confirm() {
    close()
    onConfirm()
  }

  return (
    <>
      <Button {...button} variant={variant} onClick={open} aria-haspopup="dialog">
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={question}
        closeButtonProps={{ 'aria-label': 'Close' }}
        centered
      >
        <Stack>
          <Text component="div">{explain}</Text>
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Back
            </Button>
            <Button color={danger ? 'red.9' : undefined} disabled={!isReady} onClick={confirm}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
