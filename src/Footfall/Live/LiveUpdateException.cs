namespace Footfall.Live;

/// <summary>Some hits of a commit could not be applied to the live state; the others were.</summary>
/// <param name="first">The error of the first of them.</param>
internal sealed class LiveUpdateException(Exception first) : Exception("A hit could not be applied to the live snapshot.", first);
