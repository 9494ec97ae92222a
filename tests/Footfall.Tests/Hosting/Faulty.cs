using System.Reflection;
using Footfall.Journal;

namespace Footfall.Tests.Hosting;

/// <summary>A journal of which each member does what a test says.</summary>
public class Faulty : DispatchProxy
{
    private Func<string, object?> _answer = _ => null;

    /// <param name="answer">Takes the name of the member, such as <c>get_Ready</c>.</param>
    internal static IJournal Journal(Func<string, object?> answer)
    {
        var journal = Create<IJournal, Faulty>();
        ((Faulty)(object)journal)._answer = answer;
        return journal;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!.Name);
}
