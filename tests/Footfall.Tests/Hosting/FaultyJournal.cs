using System.Reflection;
using Footfall.Journal;

namespace Footfall.Tests.Hosting;

/// <summary>A journal of which each member does what a test says.</summary>
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
