using System.Reflection;
using Footfall.Journal;

namespace Footfall.Tests.Hosting;

/// <summary>A journal whose members do what a test sets.</summary>
public class FaultyJournal : DispatchProxy
{
    private Func<string, object?> _result = _ => null;

    /// <param name="result">Takes the name of the member, such as <c>get_Ready</c>.</param>
    internal static IJournal Journal(Func<string, object?> result)
    {
        var journal = Create<IJournal, FaultyJournal>();
        ((FaultyJournal)(object)journal)._result = result;
        return journal;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _result(targetMethod!.Name);
}
