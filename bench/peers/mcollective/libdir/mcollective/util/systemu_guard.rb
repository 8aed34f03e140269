# systemu hands the thread that guards a child process to its caller as an attribute of the child's Process::Status.
# Ruby 3 freezes that object: the attribute is silently not set, and MCollective::Shell, which stops the guard after
# each command, fails with NoMethodError. Here the guard is kept in the calling thread, where Shell asks for it.

# Keeps the guard of the calling thread's latest command.
module SystemuGuard
  def new_thread(child_pid, block)
    Thread.current[:systemu_guard] = super
  end
end
SystemUniversal.prepend(SystemuGuard)

# Gives Shell what systemu meant to give it.
class Process::Status
  def thread
    Thread.current[:systemu_guard]
  end
end
