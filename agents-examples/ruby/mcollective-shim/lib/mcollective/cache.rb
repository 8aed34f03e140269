# frozen_string_literal: true

module MCollective
  # Named caches whose entries last for a time, shared by the threads of the worker.
  module Cache
    Store = Struct.new(:max_age_s, :mutex, :entries)

    @stores = {}
    @mutex = Mutex.new

    class << self
      def setup(name, ttl = 300)
        @mutex.synchronize { @stores[name] ||= Store.new(Float(ttl), Mutex.new, {}) }
        true
      end

      def has_cache?(name)
        @mutex.synchronize { @stores.key?(name) }
      end

      def delete!(name)
        store(name)
        @mutex.synchronize { @stores.delete(name) }
        true
      end

      def write(name, key, value)
        with(name) { |store| store.entries[key] = [value, now] }
        value
      end

      def read(name, key)
        raise "Cache for item '#{key}' on cache '#{name}' has expired" unless ttl(name, key).positive?

        with(name) { |store| store.entries.fetch(key).first }
      end

      # Seconds that are left of an entry; negative when it is over.
      def ttl(name, key)
        with(name) do |store|
          _, written = store.entries.fetch(key) { raise "No item called '#{key}' for cache '#{name}'" }
          store.max_age_s - (now - written)
        end
      end

      def synchronize(name, &block)
        raise "No block supplied to synchronize" unless block

        store(name).mutex.synchronize(&block)
      end

      def invalidate!(name, key)
        with(name) { |store| store.entries.key?(key) ? store.entries.delete(key) : false }
      end

      private

      def store(name)
        @mutex.synchronize { @stores.fetch(name) { raise "No cache called '#{name}'" } }
      end

      # Also from inside of synchronize().
      def with(name)
        found = store(name)
        found.mutex.owned? ? yield(found) : found.mutex.synchronize { yield found }
      end

      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  end
end
