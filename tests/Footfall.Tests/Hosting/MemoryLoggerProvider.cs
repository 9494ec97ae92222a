using Microsoft.Extensions.Logging;

namespace Footfall.Tests.Hosting;

/// <summary>Keeps what is logged.</summary>
internal sealed class MemoryLoggerProvider : ILoggerProvider
{
    private readonly List<(string Category, int Event, string Text)> _lines = [];

    public IReadOnlyList<(string Category, int Event, string Text)> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(MemoryLoggerProvider log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter)
        {
            lock (log._lines) log._lines.Add((name, eventId.Id, $"{formatter(state, exception)} {exception}"));
        }
    }
}
