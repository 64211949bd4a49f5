/** Asks once before something that matters, and for the reason that goes on record. */

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'

import { Refusal } from './Refusal'

interface ReasonDialogProps {
  title: string
  explain: ReactNode
  action: string
  danger?: boolean
  isOpen: boolean
  isLoading: boolean
  error: Error | null
  onClose: () => void
  onConfirm: (reason: string) => void
}

export function ReasonDialog({ title, isOpen, onClose, ...form }: ReasonDialogProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <ReasonForm onClose={onClose} {...form} />
    </Modal>
  )
}

type ReasonFormProps = Omit<ReasonDialogProps, 'title' | 'isOpen'>

function ReasonForm({
  explain,
  action,
  danger = false,
  isLoading,
  error,
  onClose,
  onConfirm,
}: ReasonFormProps) {
  const [reason, setReason] = useState('')

  function submit(event: FormEvent) {
    event.preventDefault()
    onConfirm(reason.trim())
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{explain}</Text>
        <TextInput
          label="Reason"
          description="Goes on record with your name."
          required
          maxLength={200}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Refusal error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button
            type="submit"
            color={danger ? 'red.9' : undefined}
            loading={isLoading}
            disabled={reason.trim() === ''}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
